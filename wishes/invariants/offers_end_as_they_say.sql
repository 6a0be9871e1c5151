-- An accepted offer became that volunteer's or unit's promise; nobody is asked for what is not open.
SELECT w.community_id AS book, format('wish %s: offer %s is %s', w.number, d.id, d.state) AS what
  FROM wishes_dispatch d JOIN wishes_wish w ON w.id = d.wish_id
 WHERE (d.state = 'accepted'
        AND NOT EXISTS (SELECT FROM wishes_pledge p WHERE p.wish_id = w.id
                           AND p.volunteer_id IS NOT DISTINCT FROM d.volunteer_id
                           AND p.unit_id IS NOT DISTINCT FROM d.unit_id))
    OR (d.state IN ('queued', 'offered') AND w.state IN ('declined', 'withdrawn', 'delivered', 'lit'))
