-- Points never leave for the shop without a document that says for what.
SELECT payer.book AS book, format('posting %s redeems for no redemption', posting.id) AS what
  FROM ledger_posting AS posting
  JOIN ledger_account AS payer ON payer.id = posting.source_id
  LEFT JOIN rewards_redemptionpayment AS payment ON payment.posting_id = posting.id
 WHERE posting.kind = 'redeem' AND payment.id IS NULL
