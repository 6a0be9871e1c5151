-- What a wish says is promised is what its standing promises add up to.
SELECT w.community_id AS book,
       format('wish %s: pledged_shares %s, promises %s', w.number, w.pledged_shares, coalesce(p.shares, 0)) AS what
  FROM wishes_wish w
  LEFT JOIN (SELECT wish_id, sum(shares) AS shares FROM wishes_pledge
              WHERE state IN ('active', 'kept') GROUP BY wish_id) p ON p.wish_id = w.id
 WHERE w.pledged_shares <> coalesce(p.shares, 0)
