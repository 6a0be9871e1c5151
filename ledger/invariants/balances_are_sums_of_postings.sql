SELECT a.book AS book,
       format('account %s has %s, its postings come to %s', a.id, a.balance, coalesce(s.points, 0)) AS what
  FROM ledger_account a
  LEFT JOIN (SELECT account_id, sum(points) AS points
               FROM (SELECT target_id AS account_id, points FROM ledger_posting
                     UNION ALL SELECT source_id, -points FROM ledger_posting) side
              GROUP BY account_id) s ON s.account_id = a.id
 WHERE a.counted AND a.balance <> coalesce(s.points, 0)
    OR NOT a.counted AND a.balance <> 0
