-- Who gave time has a service record as soon as the lamp glows, and not before; it says the same.
SELECT w.community_id AS book, format('wish %s: %s, hand %s', w.number, w.state, h.id) AS what
  FROM wishes_helpinghand h
  JOIN wishes_wish w ON w.id = h.wish_id
  LEFT JOIN volunteers_servicerecord r ON r.id = h.record_id
 WHERE (w.state = 'lit') <> (h.record_id IS NOT NULL)
    OR (r.id IS NOT NULL AND (r.volunteer_id <> h.volunteer_id OR r.minutes <> h.minutes
                              OR r.community_id <> w.community_id OR r.origin <> 'wish'))
