-- The household is asked when somebody decides; it may change afterwards, so it is not asked here.
SELECT r.community_id AS book, format('service record %s was decided by who entered it', r.id) AS what
  FROM volunteers_servicerecord r
 WHERE r.state IN ('confirmed', 'voided') AND r.needs_second_person
   AND r.decided_by_id = r.submitted_by_id
UNION ALL
SELECT r.community_id, format('service record %s was decided by the person it pays', r.id)
  FROM volunteers_servicerecord r
  JOIN volunteers_user u ON u.id = r.decided_by_id
 WHERE r.state IN ('confirmed', 'voided') AND u.own_volunteer_id = r.volunteer_id
UNION ALL
SELECT v.community_id, format('opening balance %s was signed off by who entered it or owns it', o.id)
  FROM volunteers_openingbalance o
  JOIN volunteers_volunteer v ON v.id = o.volunteer_id
  JOIN volunteers_user u ON u.id = o.decided_by_id
 WHERE o.state = 'signed_off'
   AND (o.decided_by_id = o.submitted_by_id OR u.own_volunteer_id = o.volunteer_id)
