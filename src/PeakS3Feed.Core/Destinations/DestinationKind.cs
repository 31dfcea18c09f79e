using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations;

/// <summary>
/// One kind of destination: all that the core needs to know about its definitions. A kind has no state. Derive from
/// <see cref="DestinationKind{TDefinition}"/>.
/// </summary>
public abstract class DestinationKind
{
    private protected DestinationKind()
    {
    }

    /// <summary>The name in definitions, for example <c>PostgreSql</c>; unique regardless of case.</summary>
    public abstract string Name { get; }

    /// <summary>The type of its definitions.</summary>
    public abstract Type DefinitionType { get; }

    /// <summary>
    /// The JSON contract of its definitions, as the serializer makes it: a generated context, or reflection. Members are named in camelCase.
    /// </summary>
    public abstract IJsonTypeInfoResolver Json { get; }

    /// <summary>
    /// What destinations of the kind can be in a pair of destinations that one feed loads. Rows for one that stages no files wait in temporary files
    /// of this machine.
    /// </summary>
    public virtual PairRole PairRole => PairRole.None;

    /// <summary>
    /// Says why one feed cannot load a destination of this kind and one of another kind together, where the kind knows more than that their roles
    /// make no pair. Null if it does not.
    /// </summary>
    /// <param name="other">The other kind.</param>
    public virtual PairRefusal? RefusePair(DestinationKind other) => null;

    /// <summary>Whether tables of the kind can have partitions.</summary>
    public virtual bool Partitions => false;

    /// <summary>
    /// Whether a database of the kind has one writer at a time, whatever the table, and others wait for it for a limited time only. This program then
    /// runs its feeds one after the other.
    /// </summary>
    public virtual bool HasOneWriter => false;

    /// <summary>The purposes for which destinations of the kind need IAM policies; empty for a kind that uses no service of AWS.</summary>
    public virtual IReadOnlyList<PolicyPurpose> PolicyPurposes => [];

    internal abstract IEnumerable<DefinitionProblem> Check(S3FeedDestination definition);

    internal abstract IEnumerable<string> Secrets(S3FeedDestination definition);

    internal abstract IEnumerable<ConnectionReference> Connections(S3FeedDestination definition);

    internal abstract IEnumerable<DefinitionProblem> CheckConnection(S3FeedDestination definition, S3Connection connection);

    internal abstract IEnumerable<DefinitionProblem> CheckTable(S3FeedDestination definition, string table, bool hasPartitions);

    /// <summary>
    /// Whether a person can say who may assume the role of a policy of this purpose, which is not <see cref="PolicyPurpose.Staging"/>.
    /// </summary>
    public virtual bool TakesTrustedParty(PolicyPurpose purpose) => false;

    /// <summary>Whether destinations of the kind need objects outside of this program that a set-up creates.</summary>
    public virtual bool HasSetup => false;

    /// <summary>
    /// Creates what a process needs once to open destinations of the kind. A program may call this on another thread while a run begins. Connects to
    /// nothing.
    /// </summary>
    public virtual void Prepare()
    {
    }

    internal abstract bool MayLoadObjects(S3FeedDestination definition);

    internal abstract S3FeedPolicy CreatePolicy(S3FeedDestination definition, PolicyPurpose purpose, ReadConnections read, TrustedParty? trusted);

    internal abstract S3FeedSetup CreateSetup(S3FeedDestination definition, ReadConnections read, TrustedParty? trusted);

    internal abstract string Identity(S3FeedDestination definition, string stateDirectory);

    internal abstract string? Folder(S3FeedDestination definition, string stateDirectory);

    internal abstract Task<IDestination> OpenAsync(S3FeedDestination definition, DestinationContext context, CancellationToken cancellationToken);
}

/// <summary>One kind of destination.</summary>
/// <typeparam name="TDefinition">The type of its definitions.</typeparam>
public abstract class DestinationKind<TDefinition> : DestinationKind
    where TDefinition : S3FeedDestination
{
    /// <inheritdoc/>
    public sealed override Type DefinitionType => typeof(TDefinition);

    /// <summary>Checks the settings of a definition besides its name. No problem repeats what was given for a secret.</summary>
    /// <returns>All problems; empty when there are none.</returns>
    protected abstract IEnumerable<DefinitionProblem> Check(TDefinition definition);

    /// <summary>The references to secrets that a definition holds. What is given here must be a reference; the store refuses anything else.</summary>
    protected virtual IEnumerable<string> Secrets(TDefinition definition) => [];

    /// <summary>The connections that a definition names. The store refuses names that do not exist, and the removal of these connections.</summary>
    protected virtual IEnumerable<ConnectionReference> Connections(TDefinition definition) => [];

    /// <summary>Checks whether a definition can use a connection that it names.</summary>
    /// <returns>All problems; their fields are those of the connection. Empty when there are none.</returns>
    protected virtual IEnumerable<DefinitionProblem> CheckConnection(TDefinition definition, S3Connection connection) => [];

    /// <summary>Checks whether a destination can have the table of a feed.</summary>
    /// <param name="definition">The destination.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="hasPartitions">Whether the feed divides its table into partitions. A kind without partitions ignores it.</param>
    /// <returns>All problems; their fields are those of the feed. Empty when there are none.</returns>
    protected virtual IEnumerable<DefinitionProblem> CheckTable(TDefinition definition, string table, bool hasPartitions) => [];

    /// <summary>Whether a destination may load the objects of a feed itself (<see cref="Loading.LoadPath.Direct"/>).</summary>
    protected virtual bool MayLoadObjects(TDefinition definition) => false;

    /// <summary>
    /// Creates the IAM documents for one of <see cref="DestinationKind.PolicyPurposes"/>, except <see cref="PolicyPurpose.Staging"/>, whose documents
    /// follow from the connection.
    /// </summary>
    /// <param name="definition">The definition.</param>
    /// <param name="purpose">The purpose.</param>
    /// <param name="read">The connections whose objects the destination reads.</param>
    /// <param name="trusted">
    /// Who may assume the role; null if that is not given, or if <see cref="DestinationKind.TakesTrustedParty"/> says no.
    /// </param>
    protected virtual S3FeedPolicy CreatePolicy(TDefinition definition, PolicyPurpose purpose, ReadConnections read, TrustedParty? trusted)
        => throw new NotSupportedException($"Destinations of kind {Name} need no policy for {purpose}.");

    /// <summary>Creates the set-up of what a destination needs outside of this program, for a kind that has one.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="read">The connections whose objects the destination reads.</param>
    /// <param name="trusted">Who may assume the role that the set-up creates; null while that is not known.</param>
    protected virtual S3FeedSetup CreateSetup(TDefinition definition, ReadConnections read, TrustedParty? trusted)
        => throw new NotSupportedException($"Destinations of kind {Name} have no set-up.");

    /// <summary>Identifies the database: two definitions of one kind with the same identity load into the same tables.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="stateDirectory">The folder that relative paths are relative to; absolute.</param>
    protected abstract string Identity(TDefinition definition, string stateDirectory);

    /// <summary>The local folder that a run writes to; null where it writes to none.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="stateDirectory">The folder that relative paths are relative to; absolute.</param>
    protected virtual string? Folder(TDefinition definition, string stateDirectory) => null;

    /// <summary>Resolves the definition's secrets; connects to nothing yet.</summary>
    protected abstract Task<IDestination> OpenAsync(TDefinition definition, DestinationContext context, CancellationToken cancellationToken);

    internal sealed override IEnumerable<DefinitionProblem> Check(S3FeedDestination definition) => Check((TDefinition)definition);

    internal sealed override IEnumerable<string> Secrets(S3FeedDestination definition) => Secrets((TDefinition)definition);

    internal sealed override IEnumerable<ConnectionReference> Connections(S3FeedDestination definition) => Connections((TDefinition)definition);

    internal sealed override IEnumerable<DefinitionProblem> CheckConnection(S3FeedDestination definition, S3Connection connection)
        => CheckConnection((TDefinition)definition, connection);

    internal sealed override IEnumerable<DefinitionProblem> CheckTable(S3FeedDestination definition, string table, bool hasPartitions)
        => CheckTable((TDefinition)definition, table, hasPartitions);

    internal sealed override bool MayLoadObjects(S3FeedDestination definition) => MayLoadObjects((TDefinition)definition);

    internal sealed override S3FeedPolicy CreatePolicy(
        S3FeedDestination definition, PolicyPurpose purpose, ReadConnections read, TrustedParty? trusted)
        => CreatePolicy((TDefinition)definition, purpose, read, trusted);

    internal sealed override S3FeedSetup CreateSetup(S3FeedDestination definition, ReadConnections read, TrustedParty? trusted)
        => CreateSetup((TDefinition)definition, read, trusted);

    internal sealed override string Identity(S3FeedDestination definition, string stateDirectory)
        => Identity((TDefinition)definition, stateDirectory);

    internal sealed override string? Folder(S3FeedDestination definition, string stateDirectory)
        => Folder((TDefinition)definition, stateDirectory);

    internal sealed override Task<IDestination> OpenAsync(
        S3FeedDestination definition, DestinationContext context, CancellationToken cancellationToken)
        => OpenAsync((TDefinition)definition, context, cancellationToken);
}

/// <summary>A connection that a destination names.</summary>
/// <param name="Field">The property of the definition that names it.</param>
/// <param name="Name">The name of the connection, in any case.</param>
/// <param name="StagingPrefix">
/// The folder below the connection's root path that takes staged files or tables: empty for the root path, or ending with <c>/</c>. Null if nothing
/// is written.
/// </param>
public sealed record ConnectionReference(string Field, string Name, string? StagingPrefix = null)
{
    /// <summary>Whether the folder holds tables, each in a folder of its name, instead of staged files.</summary>
    public bool HoldsTables { get; init; }

    /// <summary>The ARN of the KMS key that encrypts the files; null for the connection's.</summary>
    public string? KmsKeyArn { get; init; }
}

/// <summary>
/// What a destination can be in a pair. A feed may load a <see cref="Warehouse"/> and <see cref="Files"/> together, and no other
/// pair.
/// </summary>
public enum PairRole
{
    /// <summary>The destination is not part of a pair.</summary>
    None,

    /// <summary>A warehouse or database.</summary>
    Warehouse,

    /// <summary>A table of files in an object store.</summary>
    Files,
}

/// <summary>Why two kinds of destination make no pair.</summary>
/// <param name="Reason">The reason, as a sentence.</param>
/// <param name="Alternative">What to do instead, as a sentence.</param>
public sealed record PairRefusal(string Reason, string Alternative);
