-- What left the shelf for a redemption is what its lines say; voided, all of it came back.
SELECT redemption.community_id AS book,
       format('redemption %s has %s of reward %s in its lines, moved %s', redemption.number,
              coalesce(line.quantity, 0), coalesce(line.reward_id, moved.reward_id),
              coalesce(moved.quantity, 0)) AS what
  FROM rewards_redemptionline AS line
  FULL JOIN (
        SELECT redemption_id, reward_id, sum(quantity) AS quantity
          FROM rewards_stockmovement
         WHERE redemption_id IS NOT NULL AND kind IN ('redemption', 'return')
         GROUP BY redemption_id, reward_id
       ) AS moved ON moved.redemption_id = line.redemption_id AND moved.reward_id = line.reward_id
  JOIN rewards_redemption AS redemption
    ON redemption.id = coalesce(line.redemption_id, moved.redemption_id)
 WHERE coalesce(moved.quantity, 0)
       <> CASE redemption.state WHEN 'done' THEN -coalesce(line.quantity, 0) ELSE 0 END
