"""The demonstration: throw-away issuer, simulated camera, scenario. It refuses a real event."""
