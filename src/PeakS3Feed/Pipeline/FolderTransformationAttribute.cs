using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>
/// Makes a folder's path absolute when the command starts, from the session's location, so that piped objects and suggested commands name the same
/// folder after Set-Location. A home (~), a drive of PowerShell's and a Windows path work as everywhere in PowerShell.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FolderTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var text = value switch
        {
            FileSystemInfo info => info.FullName,
            string given => given,
            _ => null,
        };
        // The parameter's own validation rejects anything else, and an empty text.
        return string.IsNullOrEmpty(text) ? value : Absolute(engineIntrinsics.SessionState.Path, text);
    }

    /// <summary>Resolves a path from the session's location, which differs from the process's working directory.</summary>
    internal static string Absolute(PathIntrinsics paths, string path)
    {
        var absolute = paths.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem"
            ? absolute
            : throw new ArgumentTransformationMetadataException(
                $"\"{path}\" is in the provider {provider.Name}. Give a folder of the file system.");
    }
}
