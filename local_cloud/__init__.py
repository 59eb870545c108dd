"""AWS on a laptop: moto extended until the templates of `cdk synth` run. Unknown to production."""
