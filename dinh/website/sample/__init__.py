"""The sample province: invented from end to end, shaped like a real one. Tỉnh Đình Sơn, code H99."""
