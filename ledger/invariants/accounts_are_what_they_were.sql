SELECT a.book AS book, format('account %s: kind %s, counted %s, debtor %s', a.id, a.kind, a.counted, a.debtor_id) AS what
  FROM ledger_account a
  LEFT JOIN ledger_account m ON m.id = a.debtor_id
 WHERE NOT CASE WHEN a.kind = 'member' THEN a.counted AND a.debtor_id IS NULL
                WHEN a.kind = 'debt' THEN a.counted AND coalesce(m.kind = 'member' AND m.book = a.book, false)
                WHEN a.kind IN ('issue', 'opening', 'shop', 'expired', 'wish_fund')
                  THEN NOT a.counted AND a.debtor_id IS NULL
                ELSE false END
UNION ALL
SELECT book, format('%s accounts of kind %s', count(*), kind)
  FROM ledger_account WHERE NOT counted GROUP BY book, kind HAVING count(*) > 1
