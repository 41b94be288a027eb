{{/* The name of the objects: a DNS label, so short that suffixes and the hashes of a pod's name have room. */}}
{{- define "vac-hub.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $release := .Release.Name | replace "." "-" -}}
{{- $full := contains $name $release | ternary $release (printf "%s-%s" $release $name) -}}
{{- if regexMatch "^[^a-z]" $full -}}
{{- $full = printf "%s-%s" $name $release -}}
{{- end -}}
{{- .Values.fullnameOverride | default $full | trunc 46 | trimSuffix "-" -}}
{{- end }}

{{/* Turns any text into a label's value. */}}
{{- define "vac-hub.labelValue" -}}
{{- regexReplaceAll "[^A-Za-z0-9_.-]" . "_" | trunc 63 | trimAll "._-" | quote -}}
{{- end }}

{{/* What selects the pods. A Deployment's selector can never change, so neither may these. `app` is for
     AutoscalingMetric, which takes no dots and slashes in label names. */}}
{{- define "vac-hub.selectorLabels" -}}
app: {{ include "vac-hub.fullname" . | quote }}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* Labels of everything but the pods of the Deployment. */}}
{{- define "vac-hub.labels" -}}
helm.sh/chart: {{ include "vac-hub.labelValue" (printf "%s-%s" .Chart.Name .Chart.Version) }}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ include "vac-hub.labelValue" (.Values.image.tag | default .Chart.AppVersion) }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The image's reference: (dict "image" .Values.image "repository" "" "tag" ""), the last two as defaults. */}}
{{- define "vac-hub.image" -}}
{{- $repository := .image.repository | default .repository -}}
{{- .image.digest | empty | ternary (printf "%s:%s" $repository (.image.tag | default .tag)) (printf "%s@%s" $repository .image.digest) | quote -}}
{{- end }}

{{- define "vac-hub.serviceAccountName" -}}
{{- $account := .Values.serviceAccount | default dict -}}
{{- $made := empty $account.create | ternary "default" (include "vac-hub.fullname" .) -}}
{{- $account.name | default $made -}}
{{- end }}

{{/* Selects the release's series in PromQL, by the names that its Deployment gives to pods. */}}
{{- define "vac-hub.series" -}}
{namespace="{{ .Release.Namespace }}",pod=~"{{ include "vac-hub.fullname" . }}-[a-z0-9]+-[a-z0-9]{5}"}
{{- end }}

{{/* A duration such as 10m, in milliseconds. */}}
{{- define "vac-hub.milliseconds" -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- mul (trimSuffix $unit . | int64) (get (dict "" 1 "ms" 1 "s" 1000 "m" 60000 "h" 3600000) $unit) -}}
{{- end }}

{{/* A quantity such as 500m or 1Gi, in thousandths. */}}
{{- define "vac-hub.thousandths" -}}
{{- $number := regexFind "^[0-9.]+([eE][+-]?[0-9]+)?" (toString .) -}}
{{- $unit := trimPrefix $number (toString .) -}}
{{- mulf (float64 $number) (get (dict "m" 1 "" 1000 "k" 1e6 "M" 1e9 "G" 1e12 "T" 1e15 "P" 1e18 "Ki" 1024e3 "Mi" 1048576e3 "Gi" 1073741824e3 "Ti" 1099511627776e3 "Pi" 1125899906842624e3) $unit) -}}
{{- end }}

{{/* The parts of a block's address as numbers, and the bits of each, as JSON; nothing if it is no address. */}}
{{- define "vac-hub.address" -}}
{{- $address := splitList "/" . | first -}}
{{- $parts := list -}}
{{- if contains "." $address -}}
{{- range splitList "." $address }}{{ $parts = append $parts (int64 .) }}{{ end -}}
{{- dict "bits" 8 "parts" $parts | toJson -}}
{{- else -}}
{{- $halves := splitList "::" $address -}}
{{- $wanted := sub 8 (regexFindAll "[0-9a-fA-F]+" $address -1 | len) | int -}}
{{- $short := eq 2 (len $halves) -}}
{{- range $i, $half := $halves -}}
{{- if $i }}{{ range until $wanted }}{{ $parts = append $parts 0 }}{{ end }}{{ end -}}
{{- if $half }}{{ range splitList ":" $half }}{{ $parts = append $parts (printf "0x%s" . | int64) }}{{ end }}{{ end -}}
{{- end -}}
{{- if and (eq 8 (len $parts)) (not (regexMatch ":::|^:[^:]|[^:]:$" $address)) (le (len $halves) 2) (eq $short (gt $wanted 0)) -}}
{{- dict "bits" 16 "parts" $parts | toJson -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* A block's address without the bits beyond a prefix: (list "10.1.0.0/16" 8) gives 8: 10 0 0 0. */}}
{{- define "vac-hub.network" -}}
{{- $address := include "vac-hub.address" (first .) | fromJson -}}
{{- $left := last . | int -}}
{{- $address.bits }}:
{{- range $address.parts -}}
{{- $size := 1 -}}
{{- range until (max 0 (sub $address.bits (max 0 $left)) | int) }}{{ $size = mul 2 $size }}{{ end }} {{ sub (int64 .) (mod (int64 .) $size) }}
{{- $left = sub $left $address.bits | int -}}
{{- end -}}
{{- end }}

{{/* How long a pod waits for one more scrape, so that its last counts are seen, in milliseconds. */}}
{{- define "vac-hub.scrapeWait" -}}
{{- eq .Values.monitoring.scrape "none" | ternary 0 (include "vac-hub.milliseconds" .Values.monitoring.interval | int64 | add 5000) -}}
{{- end }}

{{/* A map as YAML, without the nulls that Helm has kept. */}}
{{- define "vac-hub.withoutNulls" -}}
{{- $kept := dict -}}
{{- range $name, $value := . -}}
{{- if not (kindIs "invalid" $value) }}{{ $_ := set $kept $name $value }}{{ end -}}
{{- end -}}
{{- if $kept }}{{ toYaml $kept }}{{ end -}}
{{- end }}

{{/* Requests and limits. A null that Helm has kept is left out, because Kubernetes would read it as 0. */}}
{{- define "vac-hub.resources" -}}
{{- $kept := dict -}}
{{- range $kind, $quantities := . -}}
{{- $set := dict -}}
{{- range $name, $quantity := $quantities | default dict -}}
{{- if not (kindIs "invalid" $quantity) }}{{ $_ := set $set $name $quantity }}{{ end -}}
{{- end -}}
{{- if $set }}{{ $_ := set $kept $kind $set }}{{ end -}}
{{- end -}}
{{- if $kept }}{{ toYaml $kept }}{{ end -}}
{{- end }}

{{/* Stops requests above their limits: (list "resources" .Values.resources). */}}
{{- define "vac-hub.requestsWithinLimits" -}}
{{- $at := first . -}}
{{- $resources := last . | default dict -}}
{{- range $name, $request := $resources.requests -}}
{{- $limit := get ($resources.limits | default dict) $name -}}
{{- if not (or (kindIs "invalid" $request) (kindIs "invalid" $limit) (eq "" (toString $limit))) -}}
{{- if gt (include "vac-hub.thousandths" $request | float64) (include "vac-hub.thousandths" $limit | float64) -}}
{{- fail (printf "%s.requests.%s: %v (expected: at most %s.limits.%s, %v)" $at $name $request $at $name $limit) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Stops a list in which a key's value comes twice: (list "env" .Values.env "name"). */}}
{{- define "vac-hub.once" -}}
{{- $at := first . -}}
{{- $key := last . -}}
{{- $seen := list -}}
{{- range index . 1 | default list -}}
{{- if hasKey . $key -}}
{{- $value := get . $key -}}
{{- if has $value $seen -}}
{{- fail (printf "%s: %s twice (expected: each %s once)" $at $value $key) -}}
{{- end -}}
{{- $seen = append $seen $value -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The templates that render an object. */}}
{{- define "vac-hub.templates" -}}
[autoscalingmetric.yaml, dashboard.yaml, deployment.yaml, gateway.yaml, gcpbackendpolicy.yaml, gcpgatewaypolicy.yaml,
 gcptrafficdistributionpolicy.yaml, healthcheckpolicy.yaml, horizontalpodautoscaler.yaml, httproute.yaml, loadtest.yaml,
 networkpolicy.yaml, poddisruptionbudget.yaml, podmonitor.yaml, podmonitoring.yaml, rules.yaml, scaledobject.yaml,
 service.yaml, service-headless.yaml, serviceaccount.yaml, tests/stream.yaml]
{{- end }}

{{/* The deadline of the drain, the sleep of a preStop, and five seconds for the JVM to end. */}}
{{- define "vac-hub.terminationGracePeriodSeconds" -}}
{{- $drain := include "vac-hub.milliseconds" .Values.drain.gracePeriod | int64 -}}
{{- $sleep := dig "preStop" "sleep" "seconds" 0 (.Values.lifecycle | default dict) | int64 -}}
{{- add 5 $sleep (divf $drain 1000 | ceil) -}}
{{- end }}

{{/* The limit of open streams of a pod; 0: no limit. */}}
{{- define "vac-hub.maxActiveStreams" -}}
{{- $set := (.Values.streams).maxActive -}}
{{- kindIs "invalid" $set | ternary (mul 4 ((.Values.autoscaling).targetStreamsPerPod | default 0)) $set | int64 -}}
{{- end }}

{{/* The target of open streams of a pod; 0: none. */}}
{{- define "vac-hub.targetStreams" -}}
{{- with .Values.autoscaling }}{{ empty .enabled | ternary 0 .targetStreamsPerPod | int64 }}{{ else }}0{{ end -}}
{{- end }}

{{/* The open streams of a full pod, of which its utilization is a share, as in the service: the limit, or else the target. */}}
{{- define "vac-hub.fullStreams" -}}
{{- $maxActive := include "vac-hub.maxActiveStreams" . | int64 -}}
{{- gt $maxActive 0 | ternary $maxActive (include "vac-hub.targetStreams" .) -}}
{{- end }}

{{/* Not empty if the Gateway is one of Google's. */}}
{{- define "vac-hub.googleGateway" -}}
{{- with .Values.gateway }}{{ if and .enabled (hasPrefix "gke-" .className) }}true{{ end }}{{ end -}}
{{- end }}

{{/* Not empty if the values need GKE. */}}
{{- define "vac-hub.onGke" -}}
{{- with .Values.autoscaling -}}
{{- if and .enabled (has .metricsFrom (list "gmp-adapter" "gke-native" "gke-promql")) }}true{{ end -}}
{{- end -}}
{{- if eq .Values.monitoring.scrape "PodMonitoring" }}true{{ end -}}
{{- include "vac-hub.googleGateway" . -}}
{{- end }}

{{/* Not empty if Google's load balancer chooses by utilization. */}}
{{- define "vac-hub.balancedByUtilization" -}}
{{- if include "vac-hub.googleGateway" . -}}
{{- with .Values.gateway.backendPolicy }}{{ if and .enabled .byUtilization }}true{{ end }}{{ end -}}
{{- end -}}
{{- end }}

{{/* The chart's list and the user's, as YAML: an entry of the user takes the place of the chart's with the same key:
     (dict "own" "- name: ..." "user" (list ...) "key" "name"). */}}
{{- define "vac-hub.merged" -}}
{{- $key := .key -}}
{{- $taken := list -}}
{{- range .user }}{{ $taken = append $taken (get . $key) }}{{ end -}}
{{- $merged := list -}}
{{- range fromYamlArray .own -}}
{{- if not (has (get . $key) $taken) }}{{ $merged = append $merged . }}{{ end -}}
{{- end -}}
{{- concat $merged (.user | default list) | toYaml -}}
{{- end }}

{{/* The service's settings, as its environment. */}}
{{- define "vac-hub.env" -}}
{{- $v := .Values -}}
- name: GRPC_SERVER_MAXCONNECTIONAGE
  value: {{ $v.connection.maxAge | quote }}
- name: GRPC_SERVER_MAXCONNECTIONAGEGRACE
  value: {{ $v.connection.maxAgeGrace | quote }}
- name: GRPC_SERVER_SHUTDOWNGRACEPERIOD
  value: {{ $v.drain.gracePeriod | quote }}
- name: GRPC_SERVER_REFLECTIONSERVICEENABLED
  value: {{ $v.reflection | default false | quote }}
- name: VACHUB_STREAMS_MAXACTIVE
  value: {{ include "vac-hub.maxActiveStreams" . | quote }}
- name: VACHUB_STREAMS_TARGET
  value: {{ include "vac-hub.targetStreams" . | quote }}
- name: VACHUB_HANDOFF_ENABLED
  value: {{ $v.handoff.enabled | default false | quote }}
{{- with $v.handoff.silentClients }}
- name: VACHUB_HANDOFF_SILENTCLIENTS
  value: {{ . | quote }}
{{- end }}
- name: VACHUB_HANDOFF_MAXSTREAMAGE
  value: {{ $v.handoff.maxStreamAge | quote }}
- name: VACHUB_HANDOFF_MARGIN
  value: {{ $v.handoff.margin | quote }}
{{- with $v.rebalance }}
{{- if .enabled }}
- name: VACHUB_REBALANCE_PEERS
  value: "{{ include "vac-hub.fullname" $ }}-headless:9464"
- name: VACHUB_REBALANCE_INTERVAL
  value: {{ .interval | quote }}
- name: VACHUB_REBALANCE_TOLERANCE
  value: {{ .tolerance | quote }}
- name: VACHUB_REBALANCE_WINDOW
  value: {{ .window | quote }}
- name: VACHUB_REBALANCE_MINSTREAMAGE
  value: {{ .minStreamAge | quote }}
{{- with .maxPerMinute }}
- name: VACHUB_REBALANCE_MAXPERMINUTE
  value: {{ . | quote }}
{{- end }}
{{- with .choices }}
- name: VACHUB_REBALANCE_CHOICES
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
- name: VACHUB_DRAIN_QUIETPERIOD
  value: {{ $v.drain.quietPeriod | quote }}
- name: VACHUB_DRAIN_SPREAD
  value: {{ $v.drain.spread | quote }}
- name: VACHUB_DRAIN_SCRAPEWAIT
  value: "{{ include "vac-hub.scrapeWait" . }}ms"
- name: VACHUB_REVISION
  valueFrom:
    fieldRef:
      fieldPath: metadata.labels['pod-template-hash']
{{- with $v.tls }}
{{- if .secretName }}
- name: VACHUB_TLS_CERTIFICATE
  value: /etc/vac-hub/tls/tls.crt
- name: VACHUB_TLS_PRIVATEKEY
  value: /etc/vac-hub/tls/tls.key
{{- with .clientCA }}
- name: VACHUB_TLS_CLIENTCA
  value: "/etc/vac-hub/tls/{{ . }}"
{{- end }}
{{- end }}
{{- end }}
{{- if ($v.logs).json }}
- name: SPRING_PROFILES_ACTIVE
  value: json-logs
{{- end }}
{{- with ($v.otlp).endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- with $v.googleCloudProject }}
- name: GOOGLE_CLOUD_PROJECT
  value: {{ . | quote }}
{{- end }}
{{- with $v.javaOptions }}
- name: JAVA_TOOL_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/* One IP family or both, for a Service. */}}
{{- define "vac-hub.ipFamilies" -}}
{{- with .Values.service.ipFamilyPolicy -}}
ipFamilyPolicy: {{ . | quote }}
{{- end }}
{{- with .Values.service.ipFamilies }}
ipFamilies:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The pod of a load tester: (dict "root" $ "target" "host:port" "args" (list ...)). */}}
{{- define "vac-hub.loadtester" -}}
{{- $v := .root.Values -}}
{{- $tls := $v.tls | default dict -}}
{{- $loadtest := $v.loadtest | default dict -}}
restartPolicy: Never
automountServiceAccountToken: false
enableServiceLinks: false
{{- with include "vac-hub.withoutNulls" $v.podSecurityContext }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- with $v.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: loadtest
    image: {{ include "vac-hub.image" (dict "image" ($loadtest.image | default dict) "repository" (printf "%s-loadtest" $v.image.repository) "tag" ($v.image.tag | default .root.Chart.AppVersion)) }}
    {{- with $v.image.pullPolicy }}
    imagePullPolicy: {{ . | quote }}
    {{- end }}
    args:
      - run
      - {{ .target | default (printf "%s:%v" (include "vac-hub.fullname" .root) $v.service.port) | quote }}
      {{- if not .target }}
      - {{ empty $tls.secretName | ternary "--plaintext" "--ca=/etc/vac-hub/tls/ca.crt" }}
      {{- if $tls.clientCA }}
      - --cert=/etc/vac-hub/tls/tls.crt
      - --key=/etc/vac-hub/tls/tls.key
      {{- end }}
      {{- end }}
      {{- range .args }}
      - {{ . | quote }}
      {{- end }}
    {{- with include "vac-hub.resources" $loadtest.resources }}
    resources:
      {{- . | nindent 6 }}
    {{- end }}
    {{- with include "vac-hub.withoutNulls" $v.securityContext }}
    securityContext:
      {{- . | nindent 6 }}
    {{- end }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      {{- if $tls.secretName }}
      - {name: tls, mountPath: /etc/vac-hub/tls, readOnly: true}
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with $tls.secretName }}
  - name: tls
    secret:
      secretName: {{ . | quote }}
      defaultMode: 0440
      {{- if not $tls.clientCA }}
      # Not the key.
      items: [{key: ca.crt, path: ca.crt}]
      {{- end }}
  {{- end }}
{{- end }}
