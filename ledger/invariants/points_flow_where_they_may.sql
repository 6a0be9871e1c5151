-- Known accounts of one book, a kind of posting that may run between them, a number of points in range,
-- and a line number on exactly the counted sides.
SELECT coalesce(s.book, t.book) AS book,
       format('posting %s: %s of %s from account %s (%s) to account %s (%s)',
              p.id, p.kind, p.points, p.source_id, s.kind, p.target_id, t.kind) AS what
  FROM ledger_posting p
  LEFT JOIN ledger_account s ON s.id = p.source_id
  LEFT JOIN ledger_account t ON t.id = p.target_id
  LEFT JOIN ledger_posting o ON o.id = p.reverses_id
  LEFT JOIN ledger_flowrule f
    ON p.kind <> 'reversal' AND f.kind = p.kind AND f.source_kind = s.kind AND f.target_kind = t.kind
    OR p.kind = 'reversal' AND f.kind = o.kind AND f.source_kind = t.kind AND f.target_kind = s.kind
       AND f.is_reversible
 WHERE s.id IS NULL OR t.id IS NULL OR s.book <> t.book OR f.kind IS NULL
    OR p.points NOT BETWEEN 1 AND 1000000
    OR s.counted <> (p.source_seq IS NOT NULL) OR s.counted <> (p.source_after IS NOT NULL)
    OR t.counted <> (p.target_seq IS NOT NULL) OR t.counted <> (p.target_after IS NOT NULL)
