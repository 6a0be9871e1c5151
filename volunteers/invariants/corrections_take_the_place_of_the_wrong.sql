SELECT r.community_id AS book,
       format('record %s (%s) corrects record %s, which is %s and of person %s', r.id, r.state, o.id,
              o.state, o.volunteer_id) AS what
  FROM volunteers_servicerecord r
  JOIN volunteers_servicerecord o ON o.id = r.corrects_id
 WHERE r.volunteer_id <> o.volunteer_id
    OR (r.state IN ('confirmed', 'voided') AND o.state <> 'voided')
