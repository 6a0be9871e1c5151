SELECT d.community_id AS book, format('deed %s (%s) and record %s do not agree', d.id, d.state, r.id) AS what
  FROM volunteers_deed d
  LEFT JOIN volunteers_servicerecord r ON r.id = d.record_id
 WHERE (d.state = 'passed') <> coalesce(r.state IN ('confirmed', 'voided'), false)
    OR r.volunteer_id <> d.volunteer_id OR r.minutes <> d.minutes
    OR r.service_date <> d.service_date OR r.origin <> 'self'
