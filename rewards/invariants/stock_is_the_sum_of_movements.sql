-- What is on hand is what came and went; never less than is promised to orders.
SELECT reward.community_id AS book,
       format('reward %s has %s on hand (%s reserved), its movements make %s', reward.id,
              reward.on_hand, reward.reserved, coalesce(moved.quantity, 0)) AS what
  FROM rewards_reward AS reward
  LEFT JOIN (
        SELECT reward_id, sum(quantity) AS quantity FROM rewards_stockmovement GROUP BY reward_id
       ) AS moved ON moved.reward_id = reward.id
 WHERE reward.on_hand <> coalesce(moved.quantity, 0)
    OR reward.on_hand < reward.reserved OR reward.reserved < 0
