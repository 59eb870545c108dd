"""A model of thirty numbers, served by our host as any model of the platform is."""
