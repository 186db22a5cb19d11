"""What a file may be, by subject: names, kinds (types by content), policies, and the inspections of PDF,
images and office documents. Pure: bytes and paths in, facts and refusals out.
"""
