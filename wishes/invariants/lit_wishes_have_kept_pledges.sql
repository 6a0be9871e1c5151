-- A lamp glows exactly when somebody kept a promise, and then no promise is still open.
SELECT w.community_id AS book, format('wish %s: %s, pledge %s is %s', w.number, w.state, p.id, p.state) AS what
  FROM wishes_wish w JOIN wishes_pledge p ON p.wish_id = w.id
 WHERE (w.state = 'lit' AND p.state = 'active') OR (w.state <> 'lit' AND p.state = 'kept')
UNION ALL
SELECT w.community_id, format('wish %s: lit by nobody', w.number)
  FROM wishes_wish w
 WHERE w.state = 'lit'
   AND NOT EXISTS (SELECT FROM wishes_pledge p WHERE p.wish_id = w.id AND p.state = 'kept')
