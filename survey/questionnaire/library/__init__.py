"""The shipped instruments, one YAML document each."""
