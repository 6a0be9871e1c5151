SELECT r.community_id AS book,
       format('service record %s is %s but its posting %s is %s', r.id, r.state, r.posting_id,
              CASE WHEN x.id IS NULL THEN 'not reversed' ELSE 'reversed' END) AS what
  FROM volunteers_servicerecord r
  LEFT JOIN ledger_posting x ON x.reverses_id = r.posting_id
 WHERE r.posting_id IS NOT NULL AND (r.state = 'voided') <> (x.id IS NOT NULL)
