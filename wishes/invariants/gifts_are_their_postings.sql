-- A gift moved exactly its points, from the giver's account to the wish fund of the same community.
SELECT g.community_id AS book, format('gift %s: posting %s', g.id, p.id) AS what
  FROM wishes_fundgift g
  JOIN ledger_posting p ON p.id = g.posting_id
  JOIN ledger_account t ON t.id = p.target_id
  JOIN volunteers_volunteer v ON v.id = g.volunteer_id
 WHERE p.kind <> 'gift' OR p.points <> g.points OR p.source_id <> v.account_id
    OR t.kind <> 'wish_fund' OR t.book <> g.community_id
UNION ALL
SELECT a.book, format('posting %s: a gift without its document', p.id)
  FROM ledger_posting p JOIN ledger_account a ON a.id = p.source_id
 WHERE p.kind = 'gift' AND NOT EXISTS (SELECT FROM wishes_fundgift g WHERE g.posting_id = p.id)
