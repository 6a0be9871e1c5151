@py -3 "%~dp0run.py" run %*
