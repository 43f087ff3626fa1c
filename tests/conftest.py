"""What all tests share: no property is judged by how busy the machine is."""

from hypothesis import HealthCheck, settings

# Hypothesis counts an example that takes longer than 200 ms as a failure, which any example does on a loaded machine.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
