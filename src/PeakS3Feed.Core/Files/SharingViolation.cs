namespace PeakS3Feed.Files;

/// <summary>Distinguishes "another process has the file open" from other errors of opening a file.</summary>
internal static class SharingViolation
{
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsLock = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    public static bool Matches(IOException error)
        => error.HResult is WindowsSharing or WindowsLock
            || (error.HResult == LinuxWouldBlock && OperatingSystem.IsLinux())
            || (error.HResult == MacWouldBlock && OperatingSystem.IsMacOS());
}
