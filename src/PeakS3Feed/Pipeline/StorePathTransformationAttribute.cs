using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>
/// Makes a store's path absolute where it is given: what is piped on, and what is printed to type next, means the same store after
/// Set-Location.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StorePathTransformationAttribute : ArgumentTransformationAttribute
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
        // Anything else, and an empty text, is for the parameter's own checks.
        return string.IsNullOrEmpty(text) ? value : Absolute(engineIntrinsics.SessionState.Path, text);
    }

    /// <summary>The folder that a path means at the session's location, which is not the process's.</summary>
    internal static string Absolute(PathIntrinsics paths, string path)
    {
        var absolute = paths.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem"
            ? absolute
            : throw new ArgumentTransformationMetadataException($"\"{path}\" is in the provider {provider.Name}. A store is a folder of the file system.");
    }
}
