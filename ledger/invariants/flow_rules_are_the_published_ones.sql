WITH published (kind, source_kind, target_kind, is_reversible) AS (VALUES
  ('opening', 'opening', 'member', true),
  ('earn', 'issue', 'member', true),
  ('redeem', 'member', 'shop', true),
  ('collect', 'member', 'shop', true),
  ('gift', 'member', 'wish_fund', true),
  ('expire', 'member', 'expired', true),
  ('advance', 'debt', 'member', false),
  ('repay', 'member', 'debt', false)
)
SELECT NULL::bigint AS book,
       format('%s from %s to %s', coalesce(f.kind, p.kind), coalesce(f.source_kind, p.source_kind),
              coalesce(f.target_kind, p.target_kind)) AS what
  FROM ledger_flowrule f
  FULL JOIN published p USING (kind, source_kind, target_kind, is_reversible)
 WHERE f.kind IS NULL OR p.kind IS NULL
