-- The triggers that keep the shop's history are there and awake.
SELECT NULL::bigint AS book, format('the guard %s of %s is missing or asleep', guard, on_table) AS what
  FROM (VALUES ('rewards_redemption', 'facts_stay'),
               ('rewards_redemption', 'never_deleted'),
               ('rewards_redemptionline', 'append_only'),
               ('rewards_redemptionline', 'append_only_truncate'),
               ('rewards_redemptionpayment', 'append_only'),
               ('rewards_redemptionpayment', 'append_only_truncate'),
               ('rewards_stockmovement', 'append_only'),
               ('rewards_stockmovement', 'append_only_truncate'),
               ('rewards_stockmovement', 'move_stock'),
               ('rewards_reward', 'born_with_empty_shelf'),
               ('rewards_reward', 'stock_moves_by_movement')
       ) AS expected (on_table, guard)
 WHERE NOT EXISTS (
        SELECT FROM pg_trigger
         WHERE tgrelid = to_regclass(on_table) AND NOT tgisinternal AND tgenabled IN ('O', 'A')
           AND tgname ~ format('^pgtrigger_%s_[0-9a-f]{5}$', guard)
       )
