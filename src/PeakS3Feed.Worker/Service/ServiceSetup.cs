namespace PeakS3Feed.Worker.Service;

/// <summary>The settings of a service.</summary>
/// <param name="Command">The absolute path of the program, and any leading arguments.</param>
/// <param name="Store">The store, a folder with an absolute path.</param>
/// <param name="Databases">The folders of SQLite destinations outside the store.</param>
/// <param name="User">The user it runs as.</param>
/// <param name="Version">The program's version.</param>
internal sealed record ServiceSetup(IReadOnlyList<string> Command, string Store, IReadOnlyList<string> Databases, string User, string Version)
{
    /// <summary>The folders that the service writes to.</summary>
    public IEnumerable<string> Folders => [Store, .. Databases];
}
