SELECT a.book AS book, format('posting %s is no exact mirror of posting %s', r.id, r.reverses_id) AS what
  FROM ledger_posting r
  LEFT JOIN ledger_posting o ON o.id = r.reverses_id
  LEFT JOIN ledger_account a ON a.id = r.source_id
 WHERE (r.kind = 'reversal' OR r.reverses_id IS NOT NULL)
   AND NOT coalesce(r.kind = 'reversal' AND o.id < r.id
                    AND o.source_id = r.target_id AND o.target_id = r.source_id AND o.points = r.points
                    AND o.kind NOT IN ('reversal', 'advance', 'repay'), false)
UNION ALL
SELECT min(a.book), format('posting %s was reversed %s times', r.reverses_id, count(*))
  FROM ledger_posting r LEFT JOIN ledger_account a ON a.id = r.source_id
 WHERE r.reverses_id IS NOT NULL
 GROUP BY r.reverses_id HAVING count(*) > 1
