-- A confirmed record with points has exactly the posting that pays them to its own person; a voided
-- one has it too, with the reversal; no other record has one.
SELECT r.community_id AS book,
       format('service record %s (%s, %s points) is not paid by posting %s as it should be',
              r.id, r.state, r.points, coalesce(p.id::text, 'none')) AS what
  FROM volunteers_servicerecord r
  LEFT JOIN ledger_posting p ON p.id = r.posting_id
  LEFT JOIN volunteers_volunteer v ON v.id = r.volunteer_id
 WHERE NOT CASE
       WHEN r.state IN ('submitted', 'declined') OR r.points = 0 THEN r.posting_id IS NULL
       ELSE coalesce(p.points = r.points AND p.target_id = v.account_id
                     AND p.kind IN ('earn', 'opening')
                     AND (p.kind = 'earn' OR r.origin = 'import'), false)
       END
UNION ALL
SELECT min(r.community_id), format('posting %s pays %s service records', r.posting_id, count(*))
  FROM volunteers_servicerecord r
 WHERE r.posting_id IS NOT NULL
 GROUP BY r.posting_id HAVING count(*) > 1
