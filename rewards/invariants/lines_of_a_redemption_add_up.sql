-- Quantity times price over the lines is what was paid.
SELECT redemption.community_id AS book,
       format('redemption %s says %s points, its lines %s', redemption.number, redemption.points,
              coalesce(sum(line.quantity * line.price_points), 0)) AS what
  FROM rewards_redemption AS redemption
  LEFT JOIN rewards_redemptionline AS line ON line.redemption_id = redemption.id
 GROUP BY redemption.id
HAVING coalesce(sum(line.quantity * line.price_points), 0) <> redemption.points
