-- A voided redemption gave every point back, and no other did.
SELECT redemption.community_id AS book,
       format('redemption %s is %s, %s of its %s payments are reversed', redemption.number,
              redemption.state, count(reversal.id), count(payment.id)) AS what
  FROM rewards_redemption AS redemption
  LEFT JOIN rewards_redemptionpayment AS payment ON payment.redemption_id = redemption.id
  LEFT JOIN ledger_posting AS reversal ON reversal.reverses_id = payment.posting_id
 GROUP BY redemption.id
HAVING count(reversal.id) <> CASE redemption.state WHEN 'voided' THEN count(payment.id) ELSE 0 END
