@echo off
rem Races echo servers on named pipes, ours and others, under one client, and writes a page and a picture of it; --help
rem says more. A JDK (17 or later), Maven and a gcc for Windows must be there; a server that is not there is named and
rem left out.
setlocal
cd /d "%~dp0"
call mvn -B -q -pl microbench -am package -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcheckstyle.skip
if errorlevel 1 exit /b 1
java build\CompileInterop.java microbench\src\interop\c microbench\target\interop
if errorlevel 1 exit /b 1
java build\GitCommit.java microbench\target\commit.txt
set /p RACE_COMMIT=<microbench\target\commit.txt
java -cp microbench\target\microbench.jar;microbench\target\test-classes io.nettypipe.microbench.race.Race %*
exit /b %ERRORLEVEL%
