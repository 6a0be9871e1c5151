-- A redemption by PIN used up a confirmation of its own person, at its own moment.
SELECT redemption.community_id AS book,
       format('redemption %s was not confirmed by its PIN', redemption.number) AS what
  FROM rewards_redemption AS redemption
  LEFT JOIN volunteers_pinconfirmation AS confirmation
    ON confirmation.id = redemption.pin_confirmation_id
 WHERE redemption.confirmation = 'pin'
   AND (confirmation.id IS NULL OR confirmation.volunteer_id <> redemption.volunteer_id
        OR confirmation.used_at IS DISTINCT FROM redemption.redeemed_at)
