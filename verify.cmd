@echo off
rem Builds everything and runs all tests. A JDK (17 or later), Maven, a gcc for Windows and Node.js must be there.
rem Arguments go to Maven.
setlocal
cd /d "%~dp0"
for /d %%m in (*) do (
    if exist "%%m\target\surefire-reports" rd /s /q "%%m\target\surefire-reports"
    if exist "%%m\target\windows-reports" rd /s /q "%%m\target\windows-reports"
)
call mvn -B -T 2 verify %*
java build\TestSummary.java %ERRORLEVEL%
exit /b %ERRORLEVEL%
