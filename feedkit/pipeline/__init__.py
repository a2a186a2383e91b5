"""What wires the stages: reading one source, feeds for tags, a whole build."""
