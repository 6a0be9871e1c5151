-- Captured by the one posting that names the hold and takes no more; released and expired by none.
SELECT a.book AS book, format('hold %s ended as %s with posting %s', h.id, e.how, e.posting_id) AS what
  FROM ledger_holdend e
  LEFT JOIN ledger_hold h ON h.id = e.hold_id
  LEFT JOIN ledger_account a ON a.id = h.account_id
  LEFT JOIN ledger_posting p ON p.id = e.posting_id
 WHERE h.id IS NULL OR e.account_id <> h.account_id
    OR (e.how = 'captured') <> (e.posting_id IS NOT NULL)
    OR e.how = 'captured' AND NOT coalesce(
         p.hold_id = h.id AND p.source_id = h.account_id
         AND CASE h.kind WHEN 'special_order' THEN p.kind = 'collect' AND p.points <= h.points
                         WHEN 'publicity' THEN p.kind = 'reversal' END, false)
UNION ALL
SELECT a.book, format('posting %s names hold %s, which it did not capture', p.id, p.hold_id)
  FROM ledger_posting p
  LEFT JOIN ledger_account a ON a.id = p.source_id
 WHERE p.hold_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM ledger_holdend e WHERE e.hold_id = p.hold_id AND e.posting_id = p.id)
UNION ALL
SELECT a.book, format('hold %s is on account %s, which is no member''s', h.id, h.account_id)
  FROM ledger_hold h LEFT JOIN ledger_account a ON a.id = h.account_id
 WHERE a.kind IS DISTINCT FROM 'member'
