-- What the payments of a redemption moved is what it says it cost, out of the payer's own account
-- into the shop of the payer's community.
SELECT redemption.community_id AS book,
       format('redemption %s says %s points, its payments moved %s', redemption.number,
              redemption.points, coalesce(paid.points, 0)) AS what
  FROM rewards_redemption AS redemption
  LEFT JOIN (
        SELECT payment.redemption_id, sum(posting.points) AS points,
               bool_and(posting.kind = 'redeem' AND posting.source_id = volunteer.account_id
                        AND shop.kind = 'shop' AND shop.book = volunteer.community_id) AS is_right
          FROM rewards_redemptionpayment AS payment
          JOIN ledger_posting AS posting ON posting.id = payment.posting_id
          JOIN ledger_account AS shop ON shop.id = posting.target_id
          JOIN volunteers_volunteer AS volunteer ON volunteer.id = payment.volunteer_id
         GROUP BY payment.redemption_id
       ) AS paid ON paid.redemption_id = redemption.id
 WHERE paid.points IS DISTINCT FROM redemption.points OR NOT paid.is_right
