"""The demo community: invented people who live the newspaper's story to the figure.

76 people redeeming, 25 reported in, 80 goods handed over, and one resident with 180 points who
lacks 20 to a pressure cooker. Everything is made through the operations that the pages use.
"""
