SELECT b.community_id AS book,
       format('batch %s is %s but %s of its records are submitted, %s confirmed',
              b.id, b.state, n.submitted, n.confirmed) AS what
  FROM volunteers_recordbatch b
  CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE r.state = 'submitted') AS submitted,
              count(*) FILTER (WHERE r.state = 'confirmed') AS confirmed
         FROM volunteers_servicerecord r WHERE r.batch_id = b.id) n
 WHERE (b.state = 'submitted') <> (n.submitted > 0)
    OR (b.state = 'confirmed') <> (n.submitted = 0 AND n.confirmed > 0)
