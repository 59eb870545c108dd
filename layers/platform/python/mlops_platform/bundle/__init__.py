"""The bundle: what leaves training and is served; a folder of hashed files, without pickle."""
