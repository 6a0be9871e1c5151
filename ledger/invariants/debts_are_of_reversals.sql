-- Points are advanced only to the account's own member and only for the reversal that is the next line.
SELECT d.book AS book,
       format('posting %s advances %s to account %s for no reversal', p.id, p.points, p.target_id) AS what
  FROM ledger_posting p
  JOIN ledger_account d ON d.id = p.source_id
  LEFT JOIN ledger_posting r ON r.source_id = p.target_id AND r.source_seq = p.target_seq + 1
 WHERE p.kind = 'advance'
   AND NOT coalesce(d.debtor_id = p.target_id AND r.kind = 'reversal' AND r.points >= p.points, false)
UNION ALL
SELECT d.book, format('posting %s repays the debt of another', p.id)
  FROM ledger_posting p JOIN ledger_account d ON d.id = p.target_id
 WHERE p.kind = 'repay' AND d.debtor_id IS DISTINCT FROM p.source_id
