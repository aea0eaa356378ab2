"""The commands ``grouptool verify``, ``judge``, ``export`` and ``study``; heavy imports wait until they run."""
