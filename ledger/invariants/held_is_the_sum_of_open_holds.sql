SELECT a.book AS book,
       format('account %s holds %s, its open holds come to %s', a.id, a.held, coalesce(h.points, 0)) AS what
  FROM ledger_account a
  LEFT JOIN (SELECT account_id, sum(points) AS points FROM ledger_hold hold
              WHERE NOT EXISTS (SELECT FROM ledger_holdend WHERE hold_id = hold.id)
              GROUP BY account_id) h ON h.account_id = a.id
 WHERE a.held <> coalesce(h.points, 0)
