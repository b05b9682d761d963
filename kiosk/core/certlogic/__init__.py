"""CertLogic 1.3.3, the language of the EU's rules about certificates, compiled to closures.

The specification is eu-dcc-business-rules/certlogic/specification. An expression is checked once
(`issues`), compiled once (`expression`) and evaluated many times on plain JSON data.
"""
