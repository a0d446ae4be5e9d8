@echo off
rem Races echo servers on named pipes, ours and others, under one client, and writes a page and a picture of it; --help
rem says more. Or, with --scale, measures what a connection costs when there are many. A JDK (17 or later), Maven and a
rem gcc for Windows must be there; a server that is not there is named and left out.
setlocal
cd /d "%~dp0"
call mvn -B -q -pl microbench -am package -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcheckstyle.skip
if errorlevel 1 exit /b 1
java build\CompileInterop.java microbench\src\interop\c microbench\target\interop
if errorlevel 1 exit /b 1
java build\GitCommit.java microbench\target\commit.txt
set /p RACE_COMMIT=<microbench\target\commit.txt
set CLASSES=microbench\target\microbench.jar;microbench\target\test-classes
if "%~1"=="--scale" (
    java -cp %CLASSES% io.nettypipe.microbench.Scale %2 %3 %4 %5 %6 %7 %8 %9
) else (
    java -cp %CLASSES% io.nettypipe.microbench.race.Race %*
)
exit /b %ERRORLEVEL%
