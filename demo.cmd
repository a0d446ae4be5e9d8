@echo off
rem Builds the echo example, starts its server on a named pipe, lets its client talk to it, and stops it; the exit
rem status says whether that worked. A JDK (17 or later) and Maven must be there.
setlocal
cd /d "%~dp0"
echo Building example-echo\target\example-echo.jar
call mvn -B -q -pl example-echo -am package -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcheckstyle.skip
if errorlevel 1 exit /b 1
java build\Demo.java java
exit /b %ERRORLEVEL%
