@echo off
rem winjava ARGS is java ARGS here; elsewhere the script of this name runs a Windows JVM in Wine.
if "%~1"=="--prepare" exit /b 0
java %*
exit /b %ERRORLEVEL%
