@echo off
rem Races echo servers on named pipes, ours and others, under one client, and writes a page and a picture of it; --help
rem says more. A JDK (17 or later), Maven and a gcc for Windows must be there; a server that is not there is named and left
rem out.
setlocal
cd /d "%~dp0"
call mvn -B -q -pl microbench -am package -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcheckstyle.skip
if errorlevel 1 exit /b 1
java build\CompileInterop.java microbench\src\interop\c microbench\target\interop
if errorlevel 1 exit /b 1
for /f %%c in ('git describe --always --dirty --abbrev^=12 --exclude^=* 2^>nul') do set RACE_COMMIT=%%c
java -cp microbench\target\microbench.jar io.nettypipe.microbench.race.Race %*
exit /b %ERRORLEVEL%
