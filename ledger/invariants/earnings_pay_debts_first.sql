-- While a debt account was below zero, each earning of its member was followed by a repayment at once.
SELECT d.book AS book,
       format('posting %s was earned while account %s owed %s, and nothing was repaid',
              p.id, p.target_id, -owed.after) AS what
  FROM ledger_account d
  JOIN ledger_posting p ON p.target_id = d.debtor_id AND p.target_seq IS NOT NULL
   AND p.kind IN ('earn', 'opening')
 CROSS JOIN LATERAL (
   SELECT line.after FROM (
     (SELECT id, source_after AS after FROM ledger_posting
       WHERE source_id = d.id AND source_seq IS NOT NULL AND id < p.id ORDER BY source_seq DESC LIMIT 1)
     UNION ALL
     (SELECT id, target_after FROM ledger_posting
       WHERE target_id = d.id AND target_seq IS NOT NULL AND id < p.id ORDER BY target_seq DESC LIMIT 1)
   ) line ORDER BY line.id DESC LIMIT 1) owed
  LEFT JOIN ledger_posting next ON next.source_id = p.target_id AND next.source_seq = p.target_seq + 1
 WHERE d.kind = 'debt' AND d.seq > 0 AND owed.after < 0
   AND NOT coalesce(next.kind = 'repay' AND next.target_id = d.id
                    AND next.points = least(p.points, -owed.after), false)
