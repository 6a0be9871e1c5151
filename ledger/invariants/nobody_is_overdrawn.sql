SELECT book AS book, format('account %s (%s) has %s, %s held', id, kind, balance, held) AS what
  FROM ledger_account
 WHERE NOT CASE kind WHEN 'member' THEN balance >= held AND held >= 0
                     WHEN 'debt' THEN balance <= 0 AND held = 0
                     ELSE balance = 0 AND held = 0 END
UNION ALL
SELECT a.book, format('posting %s left account %s with %s', p.id, a.id,
                      CASE a.id WHEN p.source_id THEN p.source_after ELSE p.target_after END)
  FROM ledger_posting p
  JOIN ledger_account a ON a.id IN (p.source_id, p.target_id) AND a.counted
 WHERE CASE a.kind WHEN 'member' THEN 1 ELSE -1 END
     * CASE a.id WHEN p.source_id THEN p.source_after ELSE p.target_after END < 0
